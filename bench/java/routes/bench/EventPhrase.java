package routes.bench;

import java.util.List;
import java.util.Random;

/**
 * A reason with its message, as the components of Kubernetes write them. In braces: what differs from one event to the
 * next.
 */
record EventPhrase(String type, String reason, String from, String message) {

    private static final List<EventPhrase> POD = List.of(
            new EventPhrase(
                    "Normal", "Scheduled", "default-scheduler", "Successfully assigned {service}/{name} to {node}"),
            new EventPhrase("Normal", "Pulling", "kubelet", "Pulling image \"{image}\""),
            new EventPhrase(
                    "Normal",
                    "Pulled",
                    "kubelet",
                    "Successfully pulled image \"{image}\" in {n}ms ({n}ms including waiting). Image size: {n}{n} bytes."),
            new EventPhrase("Normal", "Created", "kubelet", "Created container: {service}-api"),
            new EventPhrase("Normal", "Started", "kubelet", "Started container {service}-api"),
            new EventPhrase("Normal", "Killing", "kubelet", "Stopping container {service}-api"),
            new EventPhrase(
                    "Warning",
                    "BackOff",
                    "kubelet",
                    "Back-off restarting failed container {service}-api in pod {name}_{service}({n})"),
            new EventPhrase("Normal", "BackOff", "kubelet", "Back-off pulling image \"{image}\""),
            new EventPhrase(
                    "Warning",
                    "Failed",
                    "kubelet",
                    "Failed to pull image \"{image}\": rpc error: code = NotFound desc = failed to pull and unpack"
                            + " image \"{image}\": failed to resolve reference: not found"),
            new EventPhrase("Warning", "Failed", "kubelet", "Error: ImagePullBackOff"),
            new EventPhrase(
                    "Warning",
                    "Unhealthy",
                    "kubelet",
                    "Readiness probe failed: HTTP probe failed with statuscode: 503"),
            new EventPhrase(
                    "Warning",
                    "Unhealthy",
                    "kubelet",
                    "Liveness probe failed: Get \"http://10.20.{b}.{b}:8080/healthz\": context deadline exceeded"
                            + " (Client.Timeout exceeded while awaiting headers)"),
            new EventPhrase(
                    "Warning",
                    "FailedScheduling",
                    "default-scheduler",
                    "0/{b} nodes are available: {b} Insufficient cpu, {b} node(s) had untolerated"
                            + " taint. preemption: 0/{b} nodes are available: {b} No preemption victims found for incoming pod."),
            new EventPhrase(
                    "Warning",
                    "FailedMount",
                    "kubelet",
                    "MountVolume.SetUp failed for volume \"{service}-tls\" : secret \"{service}-tls\" not found"),
            new EventPhrase(
                    "Warning",
                    "Evicted",
                    "kubelet",
                    "The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: {n}Mi."
                            + " Container {service}-api was using {n}Mi, request is 0, has larger consumption of ephemeral-storage."),
            new EventPhrase(
                    "Warning",
                    "FailedCreatePodSandBox",
                    "kubelet",
                    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup"
                            + " network for sandbox: plugin type=\"calico\" failed (add): error getting ClusterInformation: connection is unauthorized"));
    private static final List<EventPhrase> NODE = List.of(
            new EventPhrase("Normal", "NodeNotReady", "node-controller", "Node {name} status is now: NodeNotReady"),
            new EventPhrase("Normal", "NodeReady", "kubelet", "Node {name} status is now: NodeReady"),
            new EventPhrase(
                    "Normal", "NodeHasDiskPressure", "kubelet", "Node {name} status is now: NodeHasDiskPressure"),
            new EventPhrase(
                    "Warning", "SystemOOM", "kubelet", "System OOM encountered, victim process: java, pid: {n}"),
            new EventPhrase("Warning", "EvictionThresholdMet", "kubelet", "Attempting to reclaim ephemeral-storage"));
    private static final List<EventPhrase> OTHERS = List.of(
            new EventPhrase(
                    "Normal",
                    "ScalingReplicaSet",
                    "deployment-controller",
                    "Scaled up replica set {service}-api to {b} from {b}"),
            new EventPhrase("Normal", "SuccessfulCreate", "replicaset-controller", "Created pod: {service}-api-{n}"),
            new EventPhrase(
                    "Warning", "BackoffLimitExceeded", "job-controller", "Job has reached the specified backoff limit"),
            new EventPhrase(
                    "Warning",
                    "ProvisioningFailed",
                    "persistentvolume-controller",
                    "storageclass.storage.k8s.io \"fast-{b}\" not found"),
            new EventPhrase("Normal", "SuccessfulDelete", "replicaset-controller", "Deleted pod: {service}-api-{n}"));

    static EventPhrase about(KubernetesObject object, Random random) {
        List<EventPhrase> phrases =
                object.kind().equals("Pod") ? POD : object.kind().equals("Node") ? NODE : OTHERS;
        return phrases.get(random.nextInt(phrases.size()));
    }

    String messageAbout(KubernetesObject object, Random random) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (int open = message.indexOf('{'); open >= 0; open = message.indexOf('{', from)) {
            int close = message.indexOf('}', open);
            filled.append(message, from, open)
                    .append(
                            switch (message.substring(open + 1, close)) {
                                case "service" -> object.service();
                                case "name" -> object.name();
                                case "node" -> "worker-" + random.nextInt(200);
                                case "image" ->
                                    "registry.example.com/" + object.service() + "/api:1." + random.nextInt(40) + "."
                                            + random.nextInt(10);
                                case "b" -> Integer.toString(1 + random.nextInt(99));
                                default -> Integer.toString(100 + random.nextInt(9_900));
                            });
            from = close + 1;
        }
        return filled.append(message, from, message.length()).toString();
    }
}
