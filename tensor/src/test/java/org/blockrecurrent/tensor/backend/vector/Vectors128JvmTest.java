package org.blockrecurrent.tensor.backend.vector;

/** Run in a JVM of its own that was started with {@code -XX:MaxVectorSize=16}. */
class Vectors128JvmTest extends NarrowVectorsContract {
    Vectors128JvmTest() {
        super(128);
    }
}
