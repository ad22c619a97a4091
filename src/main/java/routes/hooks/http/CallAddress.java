package routes.hooks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.net.URIAuthority;

/** Gives a request the address of its call if it may go there, and its proxy the credentials it wants. */
final class CallAddress implements ExecChainHandler {

    private final EgressRule rule;

    CallAddress(EgressRule rule) {
        this.rule = rule;
    }

    /**
     * Who may use a connection again: nobody gets one that was opened for an author who may reach further, or that a
     * proxy opened for somebody else's password.
     */
    private record Sharing(Author author, String proxyUser) {}

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        HttpClientContext context = scope.clientContext;
        Call call = Call.of(context);
        refuse(call);
        request.setScheme(call.url().scheme());
        request.setAuthority(new URIAuthority(call.url().host(), call.url().port()));
        request.setPath(call.url().target());
        String user = call.proxy() == null ? null : call.proxy().userInfo();
        if (user != null && !scope.route.isTunnelled()) {
            request.setHeader(HttpHeaders.PROXY_AUTHORIZATION, HookRequest.basic(user));
        } else if (user != null) {
            context.resetAuthExchange(scope.route.getProxyHost(), basic(user));
        }
        context.setUserToken(new Sharing(call.author(), user));
        return chain.proceed(request, scope);
    }

    /**
     * Before any connection, also one that is open already, is used. What a name leads to is asked about when one is
     * made.
     */
    private void refuse(Call call) throws ForbiddenException {
        Optional<String> problem = rule.concerns(call.author())
                ? rule.asWritten(
                                call.author(),
                                call.url().scheme(),
                                call.url().host(),
                                call.url().portOrDefault(),
                                call.proxy() == null)
                        .or(() -> rule.aroundTheProxy(call.author(), call.url(), call.ownProxy()))
                : Optional.empty();
        if (problem.isPresent()) {
            throw new ForbiddenException(problem.get());
        }
    }

    private static BasicScheme basic(String userInfo) {
        String[] parts = userInfo.split(":", 2);
        BasicScheme scheme = new BasicScheme(StandardCharsets.UTF_8);
        scheme.initPreemptive(
                new UsernamePasswordCredentials(parts[0], parts.length == 1 ? new char[0] : parts[1].toCharArray()));
        return scheme;
    }
}
