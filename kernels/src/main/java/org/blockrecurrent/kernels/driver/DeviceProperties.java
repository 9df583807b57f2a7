package org.blockrecurrent.kernels.driver;

/**
 * What a launch may depend on, and what {@code doctor} shows.
 *
 * @param name as the driver calls the device
 * @param major compute capability, the part before the dot
 * @param minor compute capability, the part after the dot
 * @param multiprocessors number of streaming multiprocessors
 * @param sharedBytesPerBlock most shared memory that one block may have, static and dynamic together
 * @param totalBytes memory of the device
 * @param driverVersion the newest CUDA version that the driver serves, such as 12040 for 12.4
 */
public record DeviceProperties(
        String name,
        int major,
        int minor,
        int multiprocessors,
        int sharedBytesPerBlock,
        long totalBytes,
        int driverVersion) {

    /** Such as {@code 8.6}. */
    public String capability() {
        return major + "." + minor;
    }

    /** Such as {@code 12.4}. */
    public String cudaVersion() {
        return version(driverVersion);
    }

    static String version(int cuda) {
        return cuda / 1000 + "." + cuda % 1000 / 10;
    }
}
