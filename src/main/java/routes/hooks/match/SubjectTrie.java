package routes.hooks.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of many patterns match a subject, in one walk: a trie over tokens, with {@code *} for any one and a last
 * {@code >} for one or more. Tokens are numbers and all branches lie in one hash table, so that a walk stays in a few
 * kilobytes of memory. Immutable.
 */
final class SubjectTrie {

    private static final int ROOT = 0;
    private static final int NONE = -1;

    private final String[] tokens; // a hash table; null is a free place
    private final int[] tokenNumbers;
    private final int[] anyToken; // by node: where * leads
    private final int[] endingHere; // by node: position of the pattern
    private final int[] openEnded; // by node: position of the pattern that goes on with >
    private final long[] branches; // node and token; 0 is a free place
    private final int[] leadsTo;

    /** @param patterns distinct */
    SubjectTrie(List<String> patterns) {
        List<int[]> nodes = new ArrayList<>(List.of(newNode())); // anyToken, endingHere, openEnded
        Map<Long, Integer> transitions = new HashMap<>();
        Map<String, Integer> known = new HashMap<>();
        for (int position = 0; position < patterns.size(); position++) {
            int node = ROOT;
            boolean open = false;
            for (String token : patterns.get(position).split("\\.", -1)) {
                int[] here = nodes.get(node);
                if (token.equals(">")) {
                    here[2] = position;
                    open = true;
                } else if (token.equals("*")) {
                    here[0] = here[0] == NONE ? add(nodes) : here[0];
                    node = here[0];
                } else {
                    int number = known.computeIfAbsent(token, t -> known.size());
                    node = transitions.computeIfAbsent(branch(node, number), b -> add(nodes));
                }
            }
            if (!open) {
                nodes.get(node)[1] = position;
            }
        }
        anyToken = nodes.stream().mapToInt(node -> node[0]).toArray();
        endingHere = nodes.stream().mapToInt(node -> node[1]).toArray();
        openEnded = nodes.stream().mapToInt(node -> node[2]).toArray();
        tokens = new String[tableSize(known.size())];
        tokenNumbers = new int[tokens.length];
        known.forEach((token, number) -> {
            int place = place(token, 0, token.length(), hash(token));
            tokens[place] = token;
            tokenNumbers[place] = number;
        });
        branches = new long[tableSize(transitions.size())];
        leadsTo = new int[branches.length];
        transitions.forEach((branch, node) -> {
            int place = place(branch);
            branches[place] = branch;
            leadsTo[place] = node;
        });
    }

    /** A power of two that leaves at least half of the table free. */
    private static int tableSize(int entries) {
        return Integer.highestOneBit(Math.max(4, entries)) * 4;
    }

    private static int[] newNode() {
        return new int[] {NONE, NONE, NONE};
    }

    private static int add(List<int[]> nodes) {
        nodes.add(newNode());
        return nodes.size() - 1;
    }

    /** Never 0. */
    private static long branch(int node, int token) {
        return (long) node << 32 | token + 1;
    }

    private int place(long branch) {
        int mask = branches.length - 1;
        int place = (int) (branch * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (branches[place] != 0 && branches[place] != branch) {
            place = place + 1 & mask;
        }
        return place;
    }

    /**
     * The positions of the patterns that match.
     *
     * @param subject without wildcards
     */
    BitSet matching(String subject) {
        BitSet found = new BitSet();
        collect(ROOT, numbers(subject), 0, found);
        return found;
    }

    /** The numbers of the subject's tokens, NONE for those in no pattern. */
    private int[] numbers(String subject) {
        int[] numbers = new int[10];
        int count = 0;
        int start = 0;
        int hash = 0;
        for (int i = 0; i <= subject.length(); i++) {
            char c = i < subject.length() ? subject.charAt(i) : '.';
            if (c != '.') {
                hash = 31 * hash + c;
                continue;
            }
            numbers = count == numbers.length ? Arrays.copyOf(numbers, count * 2) : numbers;
            int place = place(subject, start, i, hash);
            numbers[count++] = tokens[place] == null ? NONE : tokenNumbers[place];
            start = i + 1;
            hash = 0;
        }
        return Arrays.copyOf(numbers, count);
    }

    private static int hash(String token) {
        int hash = 0;
        for (int i = 0; i < token.length(); i++) {
            hash = 31 * hash + token.charAt(i);
        }
        return hash;
    }

    /**
     * Where a part of a text is in the table of tokens, or the free place where it would be: without making a string of
     * it.
     */
    private int place(String text, int start, int end, int hash) {
        int mask = tokens.length - 1;
        int place = hash * 0x9E3779B9 >>> 7 & mask;
        while (tokens[place] != null
                && !(tokens[place].length() == end - start && text.startsWith(tokens[place], start))) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void collect(int node, int[] numbers, int depth, BitSet found) {
        if (depth == numbers.length) {
            if (endingHere[node] != NONE) {
                found.set(endingHere[node]);
            }
            return;
        }
        if (openEnded[node] != NONE) {
            found.set(openEnded[node]);
        }
        if (numbers[depth] != NONE) {
            int place = place(branch(node, numbers[depth]));
            if (branches[place] != 0) {
                collect(leadsTo[place], numbers, depth + 1, found);
            }
        }
        if (anyToken[node] != NONE) {
            collect(anyToken[node], numbers, depth + 1, found);
        }
    }
}
