package routes.hooks.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** What somebody probably meant. */
public final class Suggestion {

    private Suggestion() {}

    /** {@code did you mean X?} when one of the known words is near, else all of them. */
    public static String among(Collection<String> known, String written) {
        return nearest(known, written)
                .filter(word -> distance(word, written) <= Math.max(1, word.length() / 3))
                .map(word -> "did you mean " + word + "?")
                .orElse(known.isEmpty() ? "there are none" : "known: " + String.join(", ", new TreeSet<>(known)));
    }

    /** The known word that takes the fewest letters to reach, when those are {@code most} or fewer. */
    public static Optional<String> near(Collection<String> known, String written, int most) {
        return nearest(known, written).filter(word -> distance(word, written) <= most);
    }

    private static Optional<String> nearest(Collection<String> known, String written) {
        return known.stream()
                .min(Comparator.comparingInt((String word) -> distance(word, written))
                        .thenComparing(word -> word));
    }

    /** Levenshtein's, ignoring case. */
    private static int distance(String a, String b) {
        String left = a.toLowerCase(Locale.ROOT);
        String right = b.toLowerCase(Locale.ROOT);
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int replace = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[right.length()];
    }
}
