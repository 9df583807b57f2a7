package org.blockrecurrent.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Handlers for the signals of the operating system. {@code sun.misc.Signal} is the only way to see a second Ctrl-C; it is
 * not part of the platform, so it is called by reflection and its absence is no error: then Ctrl-C ends the JVM at once.
 */
final class Signals {
    private Signals() {}

    /** Runs the action whenever the signal ({@code INT}, {@code TERM}) arrives. False if this JVM cannot do that. */
    static boolean handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler run = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                }
                return null;
            };
            Object listener = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, run);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }
}
