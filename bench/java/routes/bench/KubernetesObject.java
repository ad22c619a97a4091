package routes.bench;

import java.util.List;
import java.util.Random;

/**
 * What an event is about.
 *
 * @param namespace null for a node
 * @param service the service it belongs to
 */
record KubernetesObject(String cluster, String namespace, String kind, String name, String service) {

    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    /** One anywhere; some clusters have much more of them than others. */
    static KubernetesObject any(Random random) {
        String cluster = HookSubjects.CLUSTERS.get(
                (int) (HookSubjects.CLUSTERS.size() * random.nextDouble() * random.nextDouble()));
        int percent = random.nextInt(100);
        if (percent < 8) {
            return new KubernetesObject(cluster, null, "Node", "worker-" + random.nextInt(200), "node");
        }
        String service = HookSubjects.SERVICES.get(random.nextInt(HookSubjects.SERVICES.size()));
        String kind = percent < 80
                ? "Pod"
                : percent < 86
                        ? "Deployment"
                        : percent < 94 ? "ReplicaSet" : percent < 97 ? "Job" : "PersistentVolumeClaim";
        return new KubernetesObject(cluster, service, kind, nameOf(kind, service, random), service);
    }

    /** One whose events have a subject that fits the pattern of a hook of the workload. */
    static KubernetesObject on(String pattern, Random random) {
        KubernetesObject any = any(random);
        List<String> tokens = List.of(pattern.split("\\."));
        String cluster = tokens.get(2).equals("*") ? any.cluster : tokens.get(2);
        if (tokens.get(3).equals("nodes")) {
            return new KubernetesObject(cluster, null, "Node", "worker-" + random.nextInt(200), "node");
        }
        if (tokens.get(3).equals(">")) {
            return new KubernetesObject(cluster, any.namespace, any.kind, any.name, any.service);
        }
        String service = tokens.get(4).equals("*")
                ? HookSubjects.SERVICES.get(random.nextInt(HookSubjects.SERVICES.size()))
                : tokens.get(4);
        String kind = tokens.get(5).equals("deployments") ? "Deployment" : "Pod";
        return new KubernetesObject(
                cluster,
                service,
                kind,
                tokens.get(6).equals("*") ? nameOf(kind, service, random) : tokens.get(6),
                service);
    }

    private static String nameOf(String kind, String service, Random random) {
        return switch (kind) {
            case "Pod" -> service + "-api-" + letters(random, 10) + "-" + letters(random, 5);
            case "ReplicaSet" -> service + "-api-" + letters(random, 10);
            case "Job" -> service + "-report-" + letters(random, 5);
            case "PersistentVolumeClaim" -> "data-" + service + "-db-" + random.nextInt(3);
            default -> service + "-api";
        };
    }

    private static String letters(Random random, int count) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < count; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return letters.toString();
    }
}
