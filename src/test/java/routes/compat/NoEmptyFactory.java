package routes.compat;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.BaseStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** A test factory that makes no test fails, in every test class; JUnit itself takes it for green. */
public final class NoEmptyFactory implements InvocationInterceptor {

    @Override
    @SuppressWarnings("unchecked") // the result is of the factory's own type
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> factory, ExtensionContext context)
            throws Throwable {
        return (T) notEmpty(invocation.proceed(), context);
    }

    private static Object notEmpty(Object tests, ExtensionContext context) {
        if (tests instanceof BaseStream<?, ?> stream) {
            Iterator<?> made = stream.iterator();
            check(made.hasNext(), context);
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(made, Spliterator.ORDERED), false)
                    .onClose(stream::close);
        }
        check(
                tests.getClass().isArray()
                        ? Array.getLength(tests) > 0
                        : !(tests instanceof Iterable<?> many)
                                || many.iterator().hasNext(),
                context);
        return tests;
    }

    private static void check(boolean any, ExtensionContext context) {
        if (!any) {
            throw new AssertionError(context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName() + " found nothing to test");
        }
    }
}
