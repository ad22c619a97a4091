package routes.hooks.spec;

/** Where placeholders in hook files get their values; {@code System::getenv} unless there is a bean of this type. */
public interface HookEnvironment {

    /** Null for a name that is not set. */
    String value(String name);
}
