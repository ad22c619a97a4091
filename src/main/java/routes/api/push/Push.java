package routes.api.push;

import java.util.List;

/**
 * What one request pushes.
 *
 * @param batch whether it is a list, of one perhaps, and is answered by one
 */
record Push(List<Pushed> events, boolean batch) {}
