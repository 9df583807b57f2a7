package org.blockrecurrent.vit.hub;

import java.net.URI;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.InvalidInputException;

/** Where weights are published. */
sealed interface ModelSource {

    /** A single file that torch.hub downloads. */
    record HubFile(URI address) implements ModelSource {
        /** What the file is called in the cache: the last part of its address. */
        String fileName() {
            String path = address.getPath();
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /** A repository of the Hugging Face hub, {@code owner/name}. */
    record Repository(String id) implements ModelSource {
        private static final Pattern ID = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*");

        public Repository {
            if (!isId(id)) {
                throw new InvalidInputException("'" + id + "' is not the name of a repository, OWNER/NAME");
            }
        }

        /** Whether a text has the form of a repository's name. */
        static boolean isId(String text) {
            return ID.matcher(text).matches() && !text.contains("..") && !text.contains("--");
        }

        /** How the cache calls the folder. */
        String folderName() {
            return "models--" + id.replace("/", "--");
        }
    }
}
