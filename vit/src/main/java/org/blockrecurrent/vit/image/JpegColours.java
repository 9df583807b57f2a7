package org.blockrecurrent.vit.image;

/** Which colours the components of a JPEG file are. */
enum JpegColours {
    GREY,
    /** Luma and two chroma components: nearly every JPEG. */
    YCC,
    RGB,
    /** Inks, stored inverted as Adobe does. */
    CMYK,
    /** Luma, chroma and black. */
    YCCK;

    /** The file has no marker by Adobe. */
    static final int NO_ADOBE = -1;

    /**
     * By libjpeg's rules: JFIF means YCC; else Adobe's marker says it; else components called R, G, B are these.
     *
     * @param ids of the components, one, three or four
     * @param adobe the transform that Adobe's marker names, or {@link #NO_ADOBE}
     */
    static JpegColours of(int[] ids, boolean jfif, int adobe) {
        if (ids.length == 1) {
            return GREY;
        }
        if (ids.length == 4) {
            return adobe == NO_ADOBE || adobe == 0 ? CMYK : YCCK;
        }
        if (jfif || adobe != NO_ADOBE) {
            return jfif || adobe != 0 ? YCC : RGB;
        }
        return ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? RGB : YCC;
    }
}
