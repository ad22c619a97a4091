package routes.hooks.sources;

/** Something that there may be once in opsbus. */
record CamelName(String kind, String id) {

    static final String ROUTE = "route with the id";
    static final String BEAN = "bean named";
    static final String DATA_FORMAT = "data format with the id";
    static final String TEMPLATE = "route template with the id";
    static final String CONFIGURATION = "route configuration with the id";
    static final String REST = "rest with the id";

    /** Camel compares ids of route configurations so. */
    boolean isLike(CamelName other) {
        return kind.equals(other.kind)
                && (kind.equals(CONFIGURATION) ? id.equalsIgnoreCase(other.id) : id.equals(other.id));
    }

    @Override
    public String toString() {
        return kind + " " + id;
    }
}
