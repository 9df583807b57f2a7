package org.blockrecurrent.vit.hub;

/** Is told how a download goes, several times a second, by the thread that asked for it. */
@FunctionalInterface
public interface DownloadListener {
    /** Says nothing. */
    DownloadListener NONE = (file, done, total) -> {};

    /**
     * @param file what is downloaded
     * @param done bytes that are there, those of an earlier attempt included
     * @param total bytes that the file will have, or −1 if the server did not say
     */
    void progress(String file, long done, long total);
}
