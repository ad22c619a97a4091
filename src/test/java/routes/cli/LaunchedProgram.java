package routes.cli;

import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Stands in for opsbus where only the JVM matters, and does what newer JVMs warn of. In a first run, which sends its
 * output to a file, it says that its hook runs and waits to be ended.
 */
final class LaunchedProgram {

    private LaunchedProgram() {}

    public static void main(String[] args) throws Exception {
        System.loadLibrary("prefs");
        Field field = Unsafe.class.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Unsafe unsafe = (Unsafe) field.get(null);
        unsafe.freeMemory(unsafe.allocateMemory(8));
        if (String.join(" ", args).contains("first/hooks")) {
            System.out.println(" hook default/first runs: \n hook default/first: attempt 1 failed");
            Thread.sleep(Long.MAX_VALUE);
        }
        System.out.println("launched " + String.join(" ", args));
    }
}
