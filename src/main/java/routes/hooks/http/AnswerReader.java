package routes.hooks.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Reads the answer, at most 64 kB of it, into memory and gives the connection back; an answer that is not 2xx becomes a
 * {@link HttpAnswerException}.
 */
final class AnswerReader implements ExecChainHandler {

    static final int MOST_BYTES = 64 * 1024;

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse answer = chain.proceed(request, scope);
        byte[] body = read(answer.getEntity(), scope);
        int status = answer.getCode();
        if (status < 200 || status > 299) {
            Header retryAfter = answer.getFirstHeader(HttpHeaders.RETRY_AFTER);
            throw new HttpAnswerException(
                    status, retryAfter == null ? null : RetryAfter.parse(retryAfter.getValue(), Instant.now()), body);
        }
        // the bytes are as they came, so nothing downstream may unpack or deserialise them
        answer.removeHeaders(HttpHeaders.CONTENT_ENCODING);
        answer.removeHeaders(HttpHeaders.CONTENT_TYPE);
        answer.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
        return answer;
    }

    private static byte[] read(HttpEntity entity, ExecChain.Scope scope) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        InputStream in = entity.getContent();
        byte[] start = in == null ? new byte[0] : in.readNBytes(MOST_BYTES);
        boolean complete = in == null || start.length < MOST_BYTES || in.read() < 0;
        if (!complete) {
            // closing the stream would read the rest, however long
            scope.execRuntime.discardEndpoint();
        }
        return start;
    }
}
