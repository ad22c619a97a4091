package routes.api.push;

import routes.event.OpsEvent;

/**
 * One event of a push.
 *
 * @param event on its subject
 * @param messageId pushed again with the same one within the stream's duplicate window, it is stored once
 */
record Pushed(OpsEvent event, String messageId) {}
