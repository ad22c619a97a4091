package routes.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Answers as openapi.yaml has them, of an hour in which a disk filled up. */
final class Sample {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Sample() {}

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An event of a pod. */
    static ObjectNode event(long sequence, Instant stored, String type, String reason, String name, String message) {
        ObjectNode data = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("reason", reason)
                .put("eventTime", stored.toString())
                .put("from", "kubelet")
                .put("message", message)
                .put("count", 3);
        data.putObject("regarding").put("kind", "Pod").put("namespace", "shop").put("name", name);
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("subject", "ops.clusters.berlin.namespaces.shop.pods." + name + ".events");
        row.putObject("event")
                .put("specversion", "1.0")
                .put("id", "berlin/" + name + "/" + sequence)
                .put("source", "https://github.com/shaowenchen/ops")
                .put("type", "Kube")
                .put("time", stored.toString())
                .put("cluster", "berlin")
                .set("data", data);
        return row.put("time", "2026-01-01 00:00:00")
                .put("sequence", sequence)
                .put("stored", stored.toString())
                .put(
                        "text",
                        "cluster: berlin \nnamespace: shop \npod: " + name + " \ntype: " + type + " \nreason: " + reason
                                + " \nfrom: kubelet \nmessage: " + message + " \n");
    }

    /** What hook ops-system/to-alerts published for an event. */
    static ObjectNode alert(long sequence, ObjectNode event) {
        ObjectNode alert = event.deepCopy()
                .put("sequence", sequence)
                .put("subject", event.get("subject").asText().replaceFirst("events$", "alerts"))
                .put("origin", event.at("/event/id").asText());
        ((ObjectNode) alert.get("event"))
                .put("id", event.at("/event/id").asText() + "/ops-system/to-alerts")
                .put("passedhooks", "ops-system/to-alerts");
        return alert;
    }

    static ObjectNode notification(long sequence, Instant stored, String severity, String message) {
        ObjectNode row = JsonNodeFactory.instance
                .objectNode()
                .put("subject", "ops.notifications.providers.alertmanager.channels.webhook.severities." + severity);
        ObjectNode event = row.putObject("event")
                .put("specversion", "1.0")
                .put("id", "alert-" + sequence)
                .put("source", "alertmanager")
                .put("type", "Webhook")
                .put("time", stored.toString());
        event.putObject("data").put("alertname", "NodeDiskFull").put("message", message);
        return row.put("time", "2026-01-01 00:00:00")
                .put("sequence", sequence)
                .put("stored", stored.toString())
                .put("text", message);
    }

    /** The last hour, the newest first. */
    static ArrayNode hour() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        String[] reasons = {
            "Pulled", "Scheduled", "Started", "BackOff", "Unhealthy", "FailedMount", "Created", "Killing"
        };
        Instant now = Instant.now();
        long sequence = 4_000;
        for (int minute = 0; minute < 58; minute++) {
            boolean trouble = minute > 0 && minute < 13;
            for (int i = 0; i < (trouble ? 6 + minute % 5 * 3 : 2 + minute % 4); i++) {
                Instant at =
                        now.minus(minute, ChronoUnit.MINUTES).minusSeconds(i).minusSeconds(3);
                String pod = "checkout-7d9c" + i % 4 + "-x" + minute % 7 + "k2p";
                if (trouble && i == 2 && minute % 3 == 1) {
                    list.add(notification(
                            sequence--,
                            at,
                            "critical",
                            "Disk /var/lib of node-b-3 is 97 % full: pods on it are going to be evicted"));
                } else if (trouble && i % 3 > 0) {
                    list.add(event(
                            sequence--,
                            at,
                            "Warning",
                            reasons[3 + i % 4 / 2],
                            pod,
                            i % 2 == 0
                                    ? "Back-off restarting failed container app in pod " + pod + "_shop(1234)"
                                    : "Readiness probe failed: HTTP probe failed with statuscode: 503"));
                } else {
                    list.add(event(
                            sequence--,
                            at,
                            "Normal",
                            reasons[(i + minute) % 8 < 3 ? (i + minute) % 8 : 6 + i % 2],
                            pod,
                            "Container image registry.example/checkout:1.42 already present on machine"));
                }
            }
        }
        return list;
    }

    static ObjectNode page(ArrayNode list, String cursor) {
        ObjectNode page = JsonNodeFactory.instance
                .objectNode()
                .put("page_size", 1000)
                .put("page", 1)
                .put("total", list.size())
                .put("total_exact", cursor == null)
                .put("next_cursor", cursor);
        return page.set("list", list.isEmpty() ? JsonNodeFactory.instance.nullNode() : list);
    }

    static ObjectNode hooks() {
        String since = Instant.now().minusSeconds(780).toString();
        return object("""
                {"page":1,"page_size":6,"total":6,"list":[
                {"id":"ops-system/nodes-p0","namespace":"ops-system","name":"nodes-p0","type":"webhook","subject":"ops.clusters.*.nodes.*.events","url":"https://pager.example/v1/enqueue",
                 "keywords":{"include":["NotReady","DiskPressure"],"matchMode":"ANY","matchType":"CONTAINS"},"source":"hooks/nodes.yaml:1","accepted":true,"problem":null,"paused":null,
                 "matched":112,"delivered":112,"pending":0,"dead":0,"failing_since":null,"last_error":null},
                {"id":"ops-system/pods-chat","namespace":"ops-system","name":"pods-chat","type":"slack","subject":"ops.clusters.*.namespaces.*.pods.*.events","url":"https://hooks.slack.example/services/***",
                 "keywords":{"include":["BackOff"]},"source":"hooks/pods.yaml:1","accepted":true,"problem":null,"paused":null,
                 "matched":4210,"delivered":3987,"pending":219,"dead":4,"failing_since":"%s","last_error":"HTTP 503 from hooks.slack.example: upstream connect error"},
                {"id":"shop/archive","namespace":"shop","name":"archive","type":"elasticsearch","subject":"ops.>","url":"http://elastic:9200/events","keywords":{},"source":"EventHooks shop/archive",
                 "accepted":true,"problem":null,"paused":"operator","matched":20311,"delivered":20100,"pending":211,"dead":0,"failing_since":null,"last_error":null},
                {"id":"shop/quiet","namespace":"shop","name":"quiet","type":"webhook","subject":"ops.notifications.>","url":"http://quiet.example/in","keywords":{},"source":"hooks/shop.yaml:9",
                 "accepted":true,"problem":null,"paused":"author","matched":0,"delivered":0,"pending":0,"dead":0,"failing_since":null,"last_error":null},
                {"id":"shop/partial","namespace":"shop","name":"partial","type":"webhook","subject":"ops.clusters.*.pods.kube-*.events","url":"http://x.example/","keywords":{},"source":"hooks/shop.yaml:21",
                 "accepted":false,"problem":"hooks/shop.yaml:26:12 subject has the partial wildcard kube-*: NATS matches whole tokens, write * and put kube- in keywords","paused":null,
                 "matched":0,"delivered":0,"pending":0,"dead":0,"failing_since":null,"last_error":null},
                {"id":"shop/orders","namespace":"shop","name":"orders","type":"dingtalk","subject":"ops.clusters.*.namespaces.shop.>","url":"https://oapi.dingtalk.example/robot/send?access_token=***",
                 "keywords":{"include":["Failed.*"],"matchType":"REGEX"},"source":"EventHooks shop/orders","accepted":true,"problem":null,"paused":null,
                 "matched":840,"delivered":840,"pending":0,"dead":0,"failing_since":null,"last_error":null}],
                "routes":[
                {"id":"log-node-not-ready","source":"hooks/node-not-ready-route.yaml","description":"Logs each node that is not ready","status":"started",
                 "exchanges":112,"completed":111,"failed":1,"inflight":0},
                {"id":"nightly","source":"hooks/nightly.yaml","description":null,"status":"stopped","exchanges":null,"completed":null,"failed":null,"inflight":null}]}""".formatted(since));
    }

    static ObjectNode deadLetters() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        String[] reasons = {"http-404", "http-410", "expired", "hook-removed"};
        for (int i = 0; i < 7; i++) {
            list.addObject()
                    .put("sequence", 70 - i)
                    .put("hook", i % 2 == 0 ? "ops-system/pods-chat" : "shop/orders")
                    .put("event", "berlin/uid-" + i + "/" + (900 - i))
                    .put("subject", "ops.clusters.berlin.namespaces.shop.pods.checkout-" + i + ".events")
                    .put("reason", reasons[i % 4])
                    .put("status", i % 4 < 2 ? 404 : null)
                    .put(
                            "detail",
                            i % 4 < 2
                                    ? "the endpoint answered 404: no such channel"
                                    : "24 h have passed since the event")
                    .put("attempts", 1 + i)
                    .put("time", Instant.now().minusSeconds(60 * i).toString())
                    .put(
                            "text",
                            "cluster: berlin \nnamespace: shop \npod: checkout-" + i
                                    + " \ntype: Warning \nreason: BackOff \nmessage: Back-off restarting failed container \n");
        }
        return page(list, null);
    }

    static ObjectNode explained(ObjectNode event) {
        String at = Instant.now().minusSeconds(40).toString();
        ObjectNode explained = object("""
                {"hooks":[
                {"hook":"ops-system/pods-chat","type":"slack","fires":true,"why":"include \\"BackOff\\" is in the text","state":"delivered","attempts":[
                 {"attempt":1,"time":"%s","outcome":"http-503","status":503,"detail":"upstream connect error","millis":2011},
                 {"attempt":2,"time":"%s","outcome":"delivered","status":200,"detail":"","millis":84}]},
                {"hook":"shop/orders","type":"dingtalk","fires":true,"why":"include /Failed.*/ is found","state":"dead","attempts":[
                 {"attempt":1,"time":"%s","outcome":"http-404","status":404,"detail":"no such robot","millis":35}]},
                {"hook":"ops-system/nodes-p0","type":"webhook","fires":false,"why":"the subject is not under ops.clusters.*.nodes.*.events","state":"none","attempts":[]},
                {"hook":"shop/archive","type":"elasticsearch","fires":false,"why":"exclude \\"checkout\\" is in the text","state":"none","attempts":[]}]}""".formatted(at, at, at));
        explained.set("event", event);
        return explained;
    }

    /** @param count of what went through each node and edge, times its weight */
    static ObjectNode flow(long count) {
        ObjectNode flow = object("{\"nodes\":[],\"edges\":[],\"hooks_left_out\":0}");
        ArrayNode nodes = (ArrayNode) flow.get("nodes");
        Object[][] nodeWeights = {
            {"source", "kubernetes", 46},
            {"source", "alertmanager", 2},
            {"subject", "ops.>", 48},
            {"subject", "ops.clusters.*.namespaces.*.pods.*.events", 40},
            {"subject", "ops.clusters.*.nodes.*.events", 6},
            {"hook", "ops-system/nodes-p0", 1},
            {"hook", "ops-system/pods-chat", 12},
            {"hook", "shop/archive", 48},
            {"hook", "shop/orders", 3},
            {"endpoint", "pager.example", 1},
            {"endpoint", "hooks.slack.example", 12},
            {"endpoint", "elastic:9200", 0},
            {"endpoint", "oapi.dingtalk.example", 3}
        };
        for (Object[] node : nodeWeights) {
            nodes.addObject()
                    .put("id", node[0] + ":" + node[1])
                    .put("kind", (String) node[0])
                    .put("label", (String) node[1])
                    .put("count", 5 + count * (int) node[2]);
        }
        ArrayNode edges = (ArrayNode) flow.get("edges");
        int[][] weights = {
            {0, 2, 46},
            {1, 2, 2},
            {2, 3, 40},
            {2, 4, 6},
            {2, 7, 48},
            {3, 6, 12},
            {3, 8, 3},
            {4, 5, 1},
            {5, 9, 1},
            {6, 10, 12},
            {7, 11, 0},
            {8, 12, 3}
        };
        for (int[] edge : weights) {
            edges.addObject()
                    .put("from", nodes.get(edge[0]).get("id").asText())
                    .put("to", nodes.get(edge[1]).get("id").asText())
                    .put("count", 5 + count * edge[2]);
        }
        return flow;
    }

    static ObjectNode tried() {
        String at = Instant.now().minusSeconds(200).toString();
        return object("""
                {"examined":1204,"fired":3,"complete":true,"list":[
                {"sequence":3990,"id":"berlin/checkout/3990","subject":"ops.clusters.berlin.namespaces.shop.pods.checkout-0.events","time":"%s","fires":true,"why":"include \\"BackOff\\" is in the text",
                 "text":"cluster: berlin \\nnamespace: shop \\npod: checkout-0 \\ntype: Warning \\nreason: BackOff \\nmessage: Back-off restarting failed container \\n"},
                {"sequence":3971,"id":"berlin/checkout/3971","subject":"ops.clusters.berlin.namespaces.shop.pods.checkout-1.events","time":"%s","fires":true,"why":"include \\"BackOff\\" is in the text",
                 "text":"cluster: berlin \\nnamespace: shop \\npod: checkout-1 \\ntype: Warning \\nreason: BackOff \\nmessage: Back-off restarting failed container \\n"}]}""".formatted(at, at));
    }

    /** Everything answers as on that day. */
    static ApiServer server() throws IOException {
        ArrayNode hour = hour();
        long began = System.nanoTime();
        return new ApiServer()
                .on("GET events", page(hour, null))
                .on("GET hooks", hooks())
                .on("GET deadletters", deadLetters())
                .on("GET explain", explained((ObjectNode) hour.get(60)))
                .on("POST hooks/try", tried())
                .on("GET flow", request -> ApiServer.Reply.data(flow((System.nanoTime() - began) / 100_000_000)));
    }
}
