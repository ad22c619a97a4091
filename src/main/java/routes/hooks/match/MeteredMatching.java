package routes.hooks.match;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Matching that pays with CPU time for what may be expensive. RE2/J takes linear time, but linear in the states of an
 * expression times the characters of a text: 5,000 states and a megabyte are half a minute, and nothing in it can be
 * interrupted but the text that it reads. For one thread.
 */
public final class MeteredMatching implements MatchLimit {

    /** About a millisecond: a step, a state that is looked at for a character, takes 3 to 12 ns. */
    private static final int STEPS_BETWEEN_LOOKS = 200_000;

    private final CpuAllowance allowance;
    private final LongSupplier cpuTime;
    private long free;

    /** @param free as many steps, at most, as are neither measured nor paid */
    MeteredMatching(long free, CpuAllowance allowance, LongSupplier cpuTime) {
        this.free = free;
        this.allowance = allowance;
        this.cpuTime = cpuTime;
    }

    /** For one thread: all that it looks for may together take so much of its CPU time. */
    public static MatchLimit within(Duration time) {
        return new MeteredMatching(0, CpuAllowance.of(time), CpuClock.ofCaller());
    }

    @Override
    public boolean finds(Pattern regex, String text) {
        long steps = (long) regex.programSize() * text.length();
        if (steps <= free) {
            free -= steps;
            return NONE.finds(regex, text);
        }
        MeteredText metered = new MeteredText(text, Math.max(1, STEPS_BETWEEN_LOOKS / regex.programSize()));
        boolean found = regex.matcher(metered)
                .find(); // what it throws ends RE2/J's machine with it: none goes back to the pool
        metered.pay();
        return found;
    }

    /** Pays while it is read, and ends its reader when the money is gone. */
    private final class MeteredText implements CharSequence {

        private final String text;
        private final int charactersBetweenLooks;
        private final long began = cpuTime.getAsLong();
        private long paid = began;
        private int unpaid;

        MeteredText(String text, int charactersBetweenLooks) {
            this.text = text;
            this.charactersBetweenLooks = charactersBetweenLooks;
        }

        @Override
        public char charAt(int index) {
            if (++unpaid > charactersBetweenLooks) {
                pay();
            }
            return text.charAt(index);
        }

        void pay() {
            unpaid = 0;
            long now = cpuTime.getAsLong();
            long spent = now - paid;
            paid = now;
            if (!allowance.spend(spent)) {
                throw new MatchTooSlowException(Duration.ofNanos(now - began));
            }
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
