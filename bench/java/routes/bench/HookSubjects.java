package routes.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The 200 subjects that hooks of the workload listen on, in ten kinds: three broad ones, others bound to a cluster, a
 * namespace or an object. Ten hooks in a row have one of each kind, so that ten hooks and ten thousand are the same
 * mixture.
 */
final class HookSubjects {

    static final int DISTINCT = 200;

    /** Names of teams and of what they run: namespaces, and the first part of names of workloads. */
    static final List<String> SERVICES = List.of(
            "payments",
            "orders",
            "checkout",
            "search",
            "billing",
            "catalog",
            "inventory",
            "shipping",
            "accounts",
            "auth",
            "ledger",
            "pricing",
            "notify",
            "gateway",
            "reports",
            "sessions",
            "media",
            "fraud",
            "returns",
            "loyalty",
            "tax",
            "vouchers",
            "reviews",
            "stock",
            "routing",
            "metrics",
            "backup",
            "ingest");

    static final List<String> CLUSTERS = clusters();

    private static final int OF_EACH_BOUND_KIND = 28;

    private HookSubjects() {}

    private static List<String> clusters() {
        List<String> clusters = new ArrayList<>();
        for (String region : List.of("eu-central", "eu-west", "us-east", "us-west", "ap-south", "ap-east", "sa-east")) {
            for (String stage : List.of("prod", "stage", "test", "edge")) {
                clusters.add(stage + "-" + region);
            }
        }
        return List.copyOf(clusters);
    }

    /** The subject of hook number {@code hook}. */
    static String of(int hook) {
        int round = hook / 10;
        String cluster = "ops.clusters." + CLUSTERS.get(round % OF_EACH_BOUND_KIND);
        String service = SERVICES.get(round % OF_EACH_BOUND_KIND);
        return switch (hook % 10) {
            case 0 -> "ops.clusters.*.namespaces.*.pods.*.events";
            case 1 -> cluster + ".namespaces.*.pods.*.events";
            case 2 -> "ops.clusters.*.namespaces." + service + ".pods.*.events";
            case 3 -> "ops.clusters.*.nodes.*.events";
            case 4 -> cluster + ".>";
            case 5 -> cluster + ".namespaces." + service + ".*.*.events";
            case 6 -> cluster + ".namespaces." + service + ".deployments." + service + "-api.events";
            case 7 -> "ops.clusters.*.namespaces.*." + (round % 2 == 0 ? "*" : "deployments") + ".*.events";
            case 8 -> cluster + ".nodes.*.events";
            default -> cluster + ".namespaces." + service + ".pods." + service + "-db-0.events";
        };
    }
}
