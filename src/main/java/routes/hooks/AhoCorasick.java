package routes.hooks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds all of many literals in one pass over a text, in time that grows with the text and not with the literals (Aho and Corasick, 1975).
 * Immutable.
 * <p>
 * States are numbered in preorder: the first child of a state is the next one, and a chain of characters lies in a row of memory. The root and
 * states with many children have a complete row of transitions; the others compare their few children and else go to their failure state.
 * (Libraries, measured with 50,000 literals and texts of 400 characters: aho-corasick-double-array-trie 1.2.3 takes 40 s to build;
 * ahocorasick 0.6.3 takes 10 µs for a text.)
 */
final class AhoCorasick {

    private static final int ROOT = 0;
    private static final int NO_ROW = -1;
    private static final int NONE = 0;
    private static final int FEW = 3;
    /** Bounds the memory of all rows by so many integers for each state, however many characters are in use. */
    private static final int SPARSEST = 32;

    /** The class of characters that are in no literal: from every state it leads to the root. */
    private static final char FOREIGN = 0;

    private final char[] classes = new char[Character.MAX_VALUE + 1];
    private final int classCount;

    private final char[] label; // class of the transition into the state
    private final boolean[] leaf;
    private final int[] sibling; // next child of the same parent, or 0
    private final int[] failure;
    private final int[] row; // where the state's transitions begin in rows
    private final int[] rows;

    private final int firstNumber;
    private final int[] ending; // number of the longest literal that ends in the state, or NONE
    private final int[] shorter; // of each literal: number of the next shorter one that ends at the same place, or NONE

    /**
     * @param literals    distinct and not empty; with ignoreCase ASCII only and in lower case
     * @param firstNumber number of the first literal, above 0; the others follow
     * @param ignoreCase  whether an ASCII letter in a literal also stands for its other forms, those that RE2 knows
     */
    AhoCorasick(List<String> literals, int firstNumber, boolean ignoreCase) {
        this.firstNumber = firstNumber;
        int[] sorted = IntStream.range(0, literals.size()).boxed().sorted((a, b) -> literals.get(a).compareTo(literals.get(b)))
                .mapToInt(Integer::intValue).toArray();
        classCount = classify(literals, ignoreCase);
        int states = countStates(literals, sorted);
        label = new char[states];
        leaf = new boolean[states];
        sibling = new int[states];
        failure = new int[states];
        row = new int[states];
        ending = new int[states];
        shorter = new int[literals.size()];
        int[] parent = new int[states];
        addStates(literals, sorted, parent);
        rows = new int[placeRows(parent)];
        connect(parent);
    }

    private int classify(List<String> literals, boolean ignoreCase) {
        literals.forEach(literal -> literal.chars().forEach(c -> classes[c] = 1));
        char next = FOREIGN + 1;
        for (int c = 0; c < classes.length; c++) {
            if (classes[c] != FOREIGN) {
                classes[c] = next++;
            }
        }
        if (ignoreCase) {
            for (char c = 'A'; c <= 'Z'; c++) {
                classes[c] = classes[c + ('a' - 'A')];
            }
            classes['\u017F'] = classes['s']; // long s
            classes['\u212A'] = classes['k']; // Kelvin sign
        }
        return next;
    }

    private static int countStates(List<String> literals, int[] sorted) {
        int states = 1;
        String before = "";
        for (int position : sorted) {
            String text = literals.get(position);
            states += text.length() - common(before, text);
            before = text;
        }
        return states;
    }

    private static int common(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int same = 0;
        while (same < length && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        return same;
    }

    private void addStates(List<String> literals, int[] sorted, int[] parent) {
        int[] path = new int[1 + literals.stream().mapToInt(String::length).max().orElse(0)];
        int states = 1;
        Arrays.fill(leaf, true);
        String before = "";
        for (int position : sorted) {
            String text = literals.get(position);
            int shared = common(before, text);
            if (shared < before.length()) {
                sibling[path[shared + 1]] = states;
            }
            for (int depth = shared; depth < text.length(); depth++) {
                parent[states] = path[depth];
                leaf[path[depth]] = false;
                label[states] = classes[text.charAt(depth)];
                path[depth + 1] = states++;
            }
            ending[path[text.length()]] = firstNumber + position;
            before = text;
        }
    }

    private int placeRows(int[] parent) {
        int[] children = new int[parent.length];
        for (int state = 1; state < parent.length; state++) {
            children[parent[state]]++;
        }
        int many = Math.max(FEW, classCount / SPARSEST);
        int length = 0;
        for (int state = 0; state < parent.length; state++) {
            boolean complete = state == ROOT || children[state] > many;
            row[state] = complete ? length : NO_ROW;
            length = complete ? Math.addExact(length, classCount) : length;
        }
        return length;
    }

    private void connect(int[] parent) {
        for (int state : byDepth(parent)) { // failure states are shallower
            if (state != ROOT) {
                failure[state] = parent[state] == ROOT ? ROOT : next(failure[parent[state]], label[state]);
                int suffix = ending[failure[state]];
                if (ending[state] == NONE) {
                    ending[state] = suffix;
                } else {
                    shorter[ending[state] - firstNumber] = suffix;
                }
            }
            fillRow(state);
        }
    }

    private static int[] byDepth(int[] parent) {
        int[] depth = new int[parent.length];
        int deepest = 0;
        for (int state = 1; state < parent.length; state++) {
            depth[state] = depth[parent[state]] + 1; // a parent has a smaller number
            deepest = Math.max(deepest, depth[state]);
        }
        int[] from = new int[deepest + 2];
        for (int d : depth) {
            from[d + 1]++;
        }
        for (int d = 1; d < from.length; d++) {
            from[d] += from[d - 1];
        }
        int[] states = new int[parent.length];
        for (int state = 0; state < parent.length; state++) {
            states[from[depth[state]]++] = state;
        }
        return states;
    }

    private void fillRow(int state) {
        if (row[state] == NO_ROW) {
            return;
        }
        if (state != ROOT) {
            for (int c = 0; c < classCount; c++) {
                rows[row[state] + c] = next(failure[state], (char) c);
            }
        }
        for (int child = leaf[state] ? 0 : state + 1; child != 0; child = sibling[child]) {
            rows[row[state] + label[child]] = child;
        }
    }

    private int next(int from, char c) {
        for (int state = from; ; state = failure[state]) {
            if (row[state] != NO_ROW) {
                return rows[row[state] + c];
            }
            for (int child = leaf[state] ? 0 : state + 1; child != 0; child = sibling[child]) {
                if (label[child] == c) {
                    return child;
                }
            }
        }
    }

    /** Adds the number of each literal that is in the text. */
    void scan(String text, IntSet found) {
        int state = ROOT;
        for (int i = 0; i < text.length(); i++) {
            state = next(state, classes[text.charAt(i)]);
            int number = ending[state];
            while (number != NONE && found.add(number)) { // once it was found, so were the shorter ones that end with it
                number = shorter[number - firstNumber];
            }
        }
    }
}
