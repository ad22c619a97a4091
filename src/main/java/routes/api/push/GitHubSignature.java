package routes.api.push;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import routes.api.rest.ApiException;

/**
 * {@code sha256=} and the HMAC-SHA256 of the body in hex.
 *
 * @see <a href="https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries">GitHub: validating
 *     webhook deliveries</a>
 */
record GitHubSignature(String secret) {

    private static final String ALGORITHM = "HmacSHA256";

    /** @throws ApiException 401 when the signature is missing or another; takes as long for any other */
    void check(String signature, byte[] body) {
        if (signature == null) {
            throw new ApiException(
                    401,
                    "the header X-Hub-Signature-256 is missing; set a secret in GitHub's settings of the webhook,"
                            + " the same as opsbus.push.github.secret");
        }
        if (!MessageDigest.isEqual(
                of(body).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8))) {
            throw new ApiException(
                    401,
                    "X-Hub-Signature-256 does not fit the body; the secret in GitHub's settings of the webhook"
                            + " must be the same as opsbus.push.github.secret");
        }
    }

    private String of(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
