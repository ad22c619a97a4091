package routes.api.security;

/** The token of a demo for which none is configured, new at every start. */
public record DemoToken(String text) {}
