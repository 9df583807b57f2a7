package org.blockrecurrent.cli;

import picocli.CommandLine;

/** The product's version, as the build wrote it into the jar. */
final class Version implements CommandLine.IVersionProvider {
    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Raptor for Java " + number()};
    }
}
