package org.blockrecurrent.tensor.backend.vector;

/** Run in a JVM of its own that was started with {@code -XX:MaxVectorSize=32}. */
class Vectors256JvmTest extends NarrowVectorsContract {
    Vectors256JvmTest() {
        super(256);
    }
}
