package org.blockrecurrent.vit.hub;

import java.nio.file.Files;
import java.nio.file.Path;

/** Downloads into the folder of torch.hub. */
final class TorchHubDownload {
    private final HubClient client;
    private final TorchHubCache cache;

    TorchHubDownload(HubClient client, TorchHubCache cache) {
        this.client = client;
        this.cache = cache;
    }

    /** The file, downloaded if it is not there. */
    Path get(ModelSource.HubFile file, DownloadListener listener) {
        Path path = cache.path(file);
        if (Files.exists(path)) {
            return cache.find(file).orElse(path);
        }
        client.requireOnline(file.address());
        try (PartFile part = PartFile.of(path)) {
            new ResumableDownload(client, file.address(), part, file.fileName(), listener).run(-1, false);
            keep(path, part);
            return path;
        }
    }

    private void keep(Path path, PartFile part) {
        boolean same = false;
        try {
            cache.requireSame(path, part.path());
            same = true;
        } finally {
            if (!same) {
                part.delete();
            }
        }
        part.moveTo(path);
    }
}
