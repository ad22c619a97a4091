package routes.hooks.match;

import java.util.function.IntConsumer;

/** A few positive integers: what a scan found. Small when empty, since there is one for every event. */
final class IntSet {

    private int[] numbers = new int[32]; // a hash table; 0 is a free place
    private int size;

    /** @return whether it is new */
    boolean add(int number) {
        int place = place(number);
        if (numbers[place] == number) {
            return false;
        }
        numbers[place] = number;
        if (++size * 2 > numbers.length) {
            grow();
        }
        return true;
    }

    boolean contains(int number) {
        return numbers[place(number)] == number;
    }

    void forEach(IntConsumer action) {
        if (size > 0) {
            for (int number : numbers) {
                if (number != 0) {
                    action.accept(number);
                }
            }
        }
    }

    private int place(int number) {
        int mask = numbers.length - 1;
        int place = number * 0x9E3779B9 >>> 7 & mask;
        while (numbers[place] != 0 && numbers[place] != number) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        int[] old = numbers;
        numbers = new int[old.length * 2];
        for (int number : old) {
            if (number != 0) {
                numbers[place(number)] = number;
            }
        }
    }
}
