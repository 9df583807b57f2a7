package org.blockrecurrent.raptor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.vit.VisionTransformer;

/** Tells teachers apart: a surrogate is of use with the very teacher that it was trained to follow. */
public final class TeacherFingerprint {
    private static final int SHOWN_BYTES = 8;

    private TeacherFingerprint() {}

    /** 16 hexadecimal digits: the beginning of the SHA-256 of all parameters' names and values. */
    public static String of(VisionTransformer teacher) {
        MessageDigest digest = sha256();
        for (Parameter parameter : teacher.parameters().all()) {
            digest.update((parameter.name() + parameter.shape()).getBytes(StandardCharsets.UTF_8));
            float[] values = parameter.value().toArray();
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
            bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
