package routes.api.rest;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An answer of the API: an error that somebody else gives, the container, Spring or Camel, has the API's form too. */
final class ApiServletResponse extends HttpServletResponseWrapper {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServletResponse.class);
    private static final String ALLOW = "Allow";
    private static final Map<Integer, String> MESSAGES = Map.of(
            400, "the request is malformed",
            401, "this needs a token",
            403, "this is not allowed",
            404, "there is no such path; /api shows those there are",
            405, "this path does not take this method; the header Allow names those it takes",
            413, "the request is too large",
            500, "opsbus could not do this; its log says why",
            503, "opsbus can't answer now; try again");

    private final List<String> methods;

    ApiServletResponse(HttpServletResponse response) {
        this(response, List.of());
    }

    /** @param methods that the path takes; empty when it is none */
    ApiServletResponse(HttpServletResponse response, List<String> methods) {
        super(response);
        this.methods = methods;
    }

    @Override
    public void setHeader(String name, String value) {
        super.setHeader(name, name.equalsIgnoreCase(ALLOW) && !methods.isEmpty() ? String.join(", ", methods) : value);
    }

    @Override
    public void addHeader(String name, String value) {
        if (name.equalsIgnoreCase(ALLOW)) {
            setHeader(name, value);
        } else {
            super.addHeader(name, value);
        }
    }

    @Override
    public void sendError(int status) {
        sendError(status, null);
    }

    @Override
    public void sendError(int status, String message) {
        resetBuffer();
        setStatus(status);
        write(Answer.failed(status, MESSAGES.getOrDefault(status, message == null ? "status " + status : message)));
    }

    /** Asked for by Camel when it has set status and headers: for a path that is none it writes nothing. */
    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        complete();
        return super.getOutputStream();
    }

    /** Gives an error that has only a status its text. */
    void complete() {
        if (getStatus() >= 400 && !Answer.CONTENT_TYPE.equals(getContentType()) && !isCommitted()) {
            sendError(getStatus());
        }
    }

    private void write(Answer answer) {
        byte[] json = answer.json();
        setContentType(Answer.CONTENT_TYPE);
        setContentLength(json.length);
        try {
            getOutputStream().write(json);
            flushBuffer();
        } catch (IOException clientIsGone) {
            LOG.debug("a client did not wait for its error", clientIsGone);
        }
    }
}
