package org.blockrecurrent.benchmarks.nativepeers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.blockrecurrent.benchmarks.peers.PeerException;

/** Makes TorchScript of a work by Python's PyTorch, since only Python can trace. */
record Tracer(String python, String script) {
    void trace(Path work, Path module) {
        try {
            Process process = new ProcessBuilder(python, script, work.toString(), module.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int code = process.waitFor();
            if (code != 0) {
                throw new PeerException("tracing ended with exit code " + code + ": "
                        + said.substring(said.lastIndexOf('\n') + 1)
                        + "; scripts/peers-python makes a Python that can");
            }
        } catch (IOException e) {
            throw new PeerException("tracing cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("interrupted while tracing", e);
        }
    }
}
