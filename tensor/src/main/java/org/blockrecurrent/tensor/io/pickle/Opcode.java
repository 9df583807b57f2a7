package org.blockrecurrent.tensor.io.pickle;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every opcode of pickle that is understood, and what it does; those that are refused say why. */
enum Opcode {
    PROTO(0x80, PickleMachine::protocol),
    FRAME(0x95, PickleMachine::frame),
    MARK('(', m -> m.stack.mark()),
    POP('0', m -> m.stack.popItemOrMark()),
    POP_MARK('1', m -> m.stack.popMark()),
    DUP('2', m -> m.stack.push(m.stack.peek())),

    NONE('N', m -> m.stack.push(PyNone.NONE)),
    NEWTRUE(0x88, m -> m.stack.push(true)),
    NEWFALSE(0x89, m -> m.stack.push(false)),
    BININT('J', m -> m.stack.push((long) m.in.signedInt())),
    BININT1('K', m -> m.stack.push((long) m.in.unsignedByte())),
    BININT2('M', m -> m.stack.push((long) m.in.unsignedShort())),
    LONG1(0x8a, m -> m.stack.push(m.in.integer(m.in.unsignedByte()))),
    LONG4(0x8b, m -> m.stack.push(m.in.integer(m.in.signedInt()))),
    BINFLOAT('G', m -> m.stack.push(m.in.bigEndianDouble())),
    BINUNICODE('X', m -> m.stack.push(m.in.utf8(m.in.unsignedInt()))),
    SHORT_BINUNICODE(0x8c, m -> m.stack.push(m.in.utf8(m.in.unsignedByte()))),
    BINUNICODE8(0x8d, m -> m.stack.push(m.in.utf8(m.in.signedLong()))),
    BINSTRING('T', m -> m.stack.push(m.in.utf8(m.in.signedInt()))),
    SHORT_BINSTRING('U', m -> m.stack.push(m.in.utf8(m.in.unsignedByte()))),
    STRING('S', PickleMachine::quoted),
    BINBYTES('B', m -> m.stack.push(m.in.bytes(m.in.unsignedInt()))),
    SHORT_BINBYTES('C', m -> m.stack.push(m.in.bytes(m.in.unsignedByte()))),
    BINBYTES8(0x8e, m -> m.stack.push(m.in.bytes(m.in.signedLong()))),
    BYTEARRAY8(0x96, m -> m.stack.push(m.in.bytes(m.in.signedLong()))),

    EMPTY_TUPLE(')', m -> m.stack.push(new PyTuple(List.of()))),
    TUPLE('t', m -> m.stack.push(new PyTuple(m.stack.popMark()))),
    TUPLE1(0x85, m -> m.stack.push(new PyTuple(m.stack.popLast(1)))),
    TUPLE2(0x86, m -> m.stack.push(new PyTuple(m.stack.popLast(2)))),
    TUPLE3(0x87, m -> m.stack.push(new PyTuple(m.stack.popLast(3)))),
    EMPTY_LIST(']', m -> m.stack.push(new PyList(false))),
    LIST('l', PickleMachine::list),
    APPEND('a', m -> m.append(m.stack.popLast(1))),
    APPENDS('e', m -> m.append(m.stack.popMark())),
    EMPTY_DICT('}', m -> m.stack.push(new PyDict())),
    DICT('d', PickleMachine::dict),
    SETITEM('s', m -> m.setItems(m.stack.popLast(2))),
    SETITEMS('u', m -> m.setItems(m.stack.popMark())),
    EMPTY_SET(0x8f, m -> m.stack.push(new PyList(true))),
    ADDITEMS(0x90, m -> m.append(m.stack.popMark())),
    FROZENSET(0x91, PickleMachine::frozenSet),

    PUT('p', m -> m.stack.remember(m.memoId())),
    BINPUT('q', m -> m.stack.remember(m.in.unsignedByte())),
    LONG_BINPUT('r', m -> m.stack.remember(m.in.unsignedInt())),
    MEMOIZE(0x94, m -> m.stack.rememberNext()),
    GET('g', m -> m.stack.recall(m.memoId())),
    BINGET('h', m -> m.stack.recall(m.in.unsignedByte())),
    LONG_BINGET('j', m -> m.stack.recall(m.in.unsignedInt())),

    GLOBAL('c', m -> m.stack.push(m.globalOfLines())),
    STACK_GLOBAL(0x93, PickleMachine::stackGlobal),
    REDUCE('R', PickleMachine::call),
    NEWOBJ(0x81, PickleMachine::newObject),
    BUILD('b', PickleMachine::build),
    BINPERSID('Q', PickleMachine::reference),

    NEWOBJ_EX(0x92, PickleMachine::refuseNewObjectWithKeywords),
    INST('i', m -> m.refuse(m.globalOfLines())),
    OBJ('o', PickleMachine::refuseObject),
    PERSID('P', m -> m.refuse("persistent id as a line of text")),
    EXT1(0x82, m -> m.refuse("extension code")),
    EXT2(0x83, m -> m.refuse("extension code")),
    EXT4(0x84, m -> m.refuse("extension code")),
    NEXT_BUFFER(0x97, m -> m.refuse("data outside of the pickle")),
    READONLY_BUFFER(0x98, m -> m.refuse("data outside of the pickle")),

    STOP('.', m -> {});

    private static final Opcode[] BY_CODE = new Opcode[256];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final Consumer<PickleMachine> effect;

    Opcode(int code, Consumer<PickleMachine> effect) {
        this.code = code;
        this.effect = effect;
    }

    /** The opcode of that byte, or null. */
    static @Nullable Opcode of(int code) {
        return BY_CODE[code];
    }

    void apply(PickleMachine machine) {
        effect.accept(machine);
    }
}
