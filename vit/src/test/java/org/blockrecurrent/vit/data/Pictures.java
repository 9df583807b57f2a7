package org.blockrecurrent.vit.data;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.random.Philox;

/** Made-up images for tests. */
public final class Pictures {
    private static final int DARK = 60;
    private static final int BRIGHT = 200;
    private static final int NOISE = 40;

    private Pictures() {}

    /** Images whose class can be told from where they are bright: class k in the k-th band of rows. Noise over all. */
    public static ByteImages of(int count, int channels, int height, int width, int classes) {
        byte[] pixels = new byte[count * channels * height * width];
        byte[] labels = new byte[count];
        Philox random = Philox.stream(7, "pictures");
        for (int i = 0; i < pixels.length; i++) {
            int image = i / (channels * height * width);
            int row = i / width % height;
            labels[image] = (byte) (image % classes);
            int level = row * classes / height == image % classes ? BRIGHT : DARK;
            pixels[i] = (byte) (level + random.below(NOISE, i));
        }
        List<String> names = new ArrayList<>();
        for (int k = 0; k < classes; k++) {
            names.add("band " + k);
        }
        return new ByteImages("pictures", channels, height, width, names, pixels, labels);
    }

    /** Training and test images of that kind, 16 x 16 and grey, of four classes. */
    public static DataSet dataSet(int trainImages, int testImages) {
        ByteImages all = of(trainImages + testImages, 1, 16, 16, 4);
        return new DataSet("pictures", all.first(trainImages), all.first(testImages));
    }
}
