package org.blockrecurrent.tensor.io.pickle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stack, marks and memo of a pickle. They grow by one for each opcode at most, whatever number an opcode names. */
final class PickleStack {
    /** Sixty times what the largest checkpoint of an optimizer that was seen has; each takes some hundred bytes at most. */
    private static final int MOST_PUSHES = 1 << 22;

    private final PickleInput in;
    private final List<Object> items = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();
    private int pushes;

    PickleStack(PickleInput in) {
        this.in = in;
    }

    void push(Object item) {
        pushes++;
        if (pushes > MOST_PUSHES) {
            throw in.invalid("the pickle has more than " + MOST_PUSHES + " parts: that is no state_dict and no module");
        }
        items.add(item);
    }

    Object pop() {
        requireItem();
        return items.remove(items.size() - 1);
    }

    Object peek() {
        requireItem();
        return items.get(items.size() - 1);
    }

    void mark() {
        marks.add(items.size());
    }

    /** Removes the topmost mark and what was pushed after it. */
    List<Object> popMark() {
        if (marks.isEmpty()) {
            throw in.invalid("the stack has no mark");
        }
        int mark = marks.remove(marks.size() - 1);
        List<Object> above = items.subList(mark, items.size());
        List<Object> popped = new ArrayList<>(above);
        above.clear();
        return popped;
    }

    /** Removes the topmost {@code n} items, none of them below a mark. */
    List<Object> popLast(int n) {
        requireItems(n);
        List<Object> last = items.subList(items.size() - n, items.size());
        List<Object> popped = new ArrayList<>(last);
        last.clear();
        return popped;
    }

    /** True if nothing is left but what lies on top. */
    boolean isSingle() {
        return items.size() == 1 && marks.isEmpty();
    }

    /** Python's POP takes a mark away if there is nothing above it. */
    void popItemOrMark() {
        if (!marks.isEmpty() && marks.get(marks.size() - 1) == items.size()) {
            marks.remove(marks.size() - 1);
        } else {
            pop();
        }
    }

    void remember(long id) {
        if (id < 0) {
            throw in.invalid("a memo id that is negative, " + id);
        }
        memo.put(id, peek());
    }

    void rememberNext() {
        memo.put((long) memo.size(), peek());
    }

    void recall(long id) {
        Object item = memo.get(id);
        if (item == null) {
            throw in.invalid("memo id " + id + " was never put");
        }
        push(item);
    }

    private void requireItem() {
        requireItems(1);
    }

    private void requireItems(int n) {
        int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
        if (items.size() - floor < n) {
            throw in.invalid("the stack is empty");
        }
    }
}
