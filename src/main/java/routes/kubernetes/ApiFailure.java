package routes.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What a failed request to the API server means, in words for whoever has to mend it. */
public final class ApiFailure {

    private ApiFailure() {}

    /** One line, without a full stop. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause && !isAnswer(cause)) {
            cause = cause.getCause();
        }
        if (!isAnswer(cause)) {
            String message = cause.getMessage();
            return "no answer from the API server ("
                    + (message == null ? cause.getClass().getSimpleName() : oneLine(message)) + ")";
        }
        KubernetesClientException answer = (KubernetesClientException) cause;
        return switch (answer.getCode()) {
            case 401 -> "the API server does not accept our credentials (" + said(answer) + ")";
            case 403 ->
                "the API server does not allow it (" + said(answer) + "); k8s/rbac.yaml has the rules that are needed";
            default -> "the API server answers " + answer.getCode() + " (" + said(answer) + ")";
        };
    }

    /** HTTP status of the API server's answer, 0 when there was none. */
    public static int code(Throwable failure) {
        for (Throwable cause = failure; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (isAnswer(cause)) {
                return ((KubernetesClientException) cause).getCode();
            }
        }
        return 0;
    }

    private static boolean isAnswer(Throwable failure) {
        return failure instanceof KubernetesClientException answer && answer.getCode() > 0;
    }

    private static String said(KubernetesClientException answer) {
        boolean brief = answer.getStatus() != null && answer.getStatus().getMessage() != null;
        return oneLine(brief ? answer.getStatus().getMessage() : String.valueOf(answer.getMessage()));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
