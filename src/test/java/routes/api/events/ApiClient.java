package routes.api.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Calls the API over HTTP, and over a bare socket what no HTTP client would send. */
final class ApiClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    ApiClient(int port) {
        this.port = port;
    }

    record Answer(int status, String body, HttpResponse<String> response) {

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        JsonNode data() {
            return json().path("data");
        }

        String message() {
            return json().path("message").asText();
        }
    }

    /** @param headers names and values */
    Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET(), headers);
    }

    Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    /** Without a Content-Length. */
    Answer postChunked(String path, InputStream body, String... headers) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofInputStream(() -> body)), headers);
    }

    Answer send(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body(), response);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path.replace(">", "%3E"));
    }

    /**
     * Sends bytes as they are. @return the status, 0 when the server ended the connection without an answer that has
     * one (HTTP/0.9), -1 when it waits for more
     */
    int raw(byte[] request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(2_000);
            try {
                socket.getOutputStream().write(request);
                ByteArrayOutputStream answer = new ByteArrayOutputStream();
                for (int b = socket.getInputStream().read();
                        b >= 0 && answer.size() < 12;
                        b = socket.getInputStream().read()) {
                    answer.write(b);
                }
                String line = answer.toString(StandardCharsets.ISO_8859_1);
                return line.length() < 12 || !line.startsWith("HTTP/1.") ? 0 : Integer.parseInt(line.substring(9, 12));
            } catch (SocketTimeoutException e) {
                return -1;
            } catch (IOException e) {
                return 0;
            }
        }
    }

    /** Sends bytes as they are. @return what comes until the server ends the connection */
    String rawAnswer(byte[] request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
