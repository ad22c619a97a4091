package routes.hooks.spec;

/** How many of the {@code include} keywords must be found. Excludes always count one by one. */
public enum MatchMode {
    ANY,
    ALL
}
