package routes.hooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.ManagementAgent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import routes.hooks.delivery.DeadLetterChoice;
import routes.hooks.delivery.DeadLetters;

/**
 * What Hawtio and other JMX clients see of the hooks together,
 * {@code org.apache.camel:context=opsbus,type=opsbus,name=Hooks}; a hook's own figures are those of its route.
 */
@ManagedResource(description = "The hooks: how many are in which state; pause, resume and replay one")
public final class HooksMBean {

    private final CamelContext camel;
    private final HookStates states;
    private final HookControl control;
    private final DeadLetters deadLetters;

    HooksMBean(CamelContext camel, HookStates states, HookControl control, DeadLetters deadLetters) {
        this.camel = camel;
        this.states = states;
        this.control = control;
        this.deadLetters = deadLetters;
    }

    @EventListener(ApplicationStartedEvent.class)
    void register() throws JMException {
        ManagementAgent agent = camel.getManagementStrategy().getManagementAgent();
        if (agent != null) { // else JMX is switched off
            agent.register(
                    this,
                    new ObjectName(agent.getMBeanObjectDomainName() + ":context=" + camel.getManagementName()
                            + ",type=opsbus,name=Hooks"));
        }
    }

    @ManagedAttribute(description = "Hooks that run")
    public long getRunning() {
        return count(HookState::accepted);
    }

    @ManagedAttribute(description = "Hooks that can't run; GET /api/v1/hooks says why")
    public long getRejected() {
        return count(state -> !state.accepted());
    }

    @ManagedAttribute(description = "Hooks that are paused, by their author or an operator")
    public long getPaused() {
        return count(state -> state.paused() != null);
    }

    @ManagedAttribute(description = "Hooks whose last attempt failed")
    public long getFailing() {
        return count(state -> state.failingSince() != null);
    }

    private long count(Predicate<HookState> wanted) {
        return plainly(() -> states.list().stream().filter(wanted).count());
    }

    @ManagedOperation(
            description =
                    "Lets a hook's (namespace/name) deliveries wait until it is resumed, on all replicas and over restarts")
    public void pause(String hook) {
        plainly(() -> {
            control.pause(hook);
            return null;
        });
    }

    @ManagedOperation(description = "Resumes a hook (namespace/name); what waited comes back")
    public void resume(String hook) {
        plainly(() -> {
            control.resume(hook);
            return null;
        });
    }

    @ManagedOperation(description = "Delivers the dead letters of a hook (namespace/name) again; says how many")
    public String replay(String hook) {
        DeadLetters.Outcome outcome =
                plainly(() -> deadLetters.replay(DeadLetterChoice.ofHook(hook), Long.MAX_VALUE, "JMX"));
        return outcome.count() + " are delivered again, " + outcome.skippedTotal() + " stay"
                + outcome.skipped().stream()
                        .findFirst()
                        .map(skipped -> ": " + skipped.why())
                        .orElse("") + (outcome.next() == 0 ? "" : "; call it again for the rest");
    }

    /**
     * A JMX client has the JDK's classes only: an exception of ours, or one with such a cause, is an UnmarshalException
     * there, without a message.
     */
    private static <T> T plainly(Callable<T> operation) {
        try {
            return operation.call();
        } catch (UnknownHookException | IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(e.getMessage()));
        } catch (Exception e) {
            throw new IllegalStateException(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
