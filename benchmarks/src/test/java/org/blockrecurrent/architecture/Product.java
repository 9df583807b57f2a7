package org.blockrecurrent.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;

/** The compiled main classes of the modules that make up the product: everything but benchmarks and tests. */
final class Product {
    static final String ROOT = "org.blockrecurrent";

    private Product() {}

    static JavaClasses classes() {
        return new ClassFileImporter().withImportOption(Product::isOfTheProduct).importPackages(ROOT);
    }

    static String module(String name) {
        return ROOT + "." + name + "..";
    }

    private static boolean isOfTheProduct(Location location) {
        return !location.contains("/test-classes/")
                && !location.contains("-tests.jar")
                && !location.contains("/org/blockrecurrent/benchmarks/");
    }
}
