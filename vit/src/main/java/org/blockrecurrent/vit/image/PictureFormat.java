package org.blockrecurrent.vit.image;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a file is, told by its first bytes and never by its name: ImageNet has a PNG called .JPEG. */
enum PictureFormat {
    PNG("PNG", true, 0, "\u0089PNG\r\n\u001a\n"),
    JPEG("JPEG", true, 0, "\u00ff\u00d8"),
    GIF("GIF", true, 0, "GIF8"),
    BMP("BMP", true, 0, "BM"),
    WEBP("WebP", false, 8, "WEBP"),
    TIFF_LITTLE("TIFF", false, 0, "II*\0"),
    TIFF_BIG("TIFF", false, 0, "MM\0*"),
    HEIF("HEIF or AVIF", false, 4, "ftyp"),
    JPEG_2000("JPEG 2000", false, 4, "jP  "),
    JPEG_XL("JPEG XL", false, 4, "JXL "),
    ICO("ICO", false, 0, "\0\0\1\0"),
    NETPBM_GREY("PGM", false, 0, "P5"),
    NETPBM_COLOUR("PPM", false, 0, "P6");

    private final String title;
    private final boolean supported;
    private final int offset;
    private final byte[] magic;

    PictureFormat(String title, boolean supported, int offset, String magic) {
        this.title = title;
        this.supported = supported;
        this.offset = offset;
        this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What users call it. */
    String title() {
        return title;
    }

    /** Whether it can be read here. */
    boolean isSupported() {
        return supported;
    }

    /** Empty where no known picture begins so. */
    static Optional<PictureFormat> of(byte[] file) {
        for (PictureFormat format : values()) {
            if (format.matches(file)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    private boolean matches(byte[] file) {
        if (file.length < offset + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (file[offset + i] != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
