package routes.hooks.spec;

/** How one keyword is compared with the readable text of an event. Always case-sensitive. */
public enum MatchType {
    /** The text contains the keyword. */
    CONTAINS,
    /** The text is the keyword, whole. */
    EXACT,
    /** The keyword is a regular expression ({@link KeywordRegex}) found somewhere in the text. */
    REGEX
}
