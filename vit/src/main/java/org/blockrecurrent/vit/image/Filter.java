package org.blockrecurrent.vit.image;

/**
 * The interpolations of Pillow's {@code resize}. When a picture shrinks, the filter is stretched with it, so that every
 * source pixel counts.
 */
public enum Filter {
    /** The pixel at the centre, nothing else. */
    NEAREST(0),
    BOX(0.5) {
        @Override
        double weight(double x) {
            return x > -0.5 && x <= 0.5 ? 1 : 0;
        }
    },
    BILINEAR(1) {
        @Override
        double weight(double x) {
            return Math.max(0, 1 - Math.abs(x));
        }
    },
    HAMMING(1) {
        @Override
        double weight(double x) {
            double distance = Math.abs(x);
            if (distance == 0) {
                return 1;
            }
            double angle = distance * Math.PI;
            // Pillow's constants are floats.
            return distance < 1 ? Math.sin(angle) / angle * (0.54f + 0.46f * Math.cos(angle)) : 0;
        }
    },
    /** Catmull and Rom's cubic, a = −0.5. */
    BICUBIC(2) {
        @Override
        double weight(double x) {
            double a = -0.5;
            double d = Math.abs(x);
            if (d < 1) {
                return ((a + 2) * d - (a + 3)) * d * d + 1;
            }
            return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
        }
    },
    LANCZOS(3) {
        @Override
        double weight(double x) {
            return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    };

    private final double support;

    Filter(double support) {
        this.support = support;
    }

    /** Half the width of the filter, in pixels of the smaller picture. */
    double support() {
        return support;
    }

    /** The weight of a pixel at a distance from the centre; not for {@link #NEAREST}, which has no weights. */
    double weight(double x) {
        throw new IllegalStateException(this + " has no weights");
    }

    private static double sinc(double x) {
        double angle = x * Math.PI;
        return x == 0 ? 1 : Math.sin(angle) / angle;
    }
}
