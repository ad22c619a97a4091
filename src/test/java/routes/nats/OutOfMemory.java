package routes.nats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that has a nats-server as its child and takes memory until there is none. */
final class OutOfMemory {

    private OutOfMemory() {}

    public static void main(String[] arguments) throws Exception {
        new ChildNatsServer(Path.of(arguments[0])); // the process ends without closing it
        List<byte[]> kept = new ArrayList<>();
        while (true) {
            kept.add(new byte[1 << 20]);
        }
    }
}
