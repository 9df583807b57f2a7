package org.blockrecurrent.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which module may use which: the arrows of the module diagram, and the libraries that each module owns. */
class ModuleArrowsTest {
    private static final List<String> EVERYWHERE = List.of("java..", "javax..", "org.jspecify..", "com.google.gson..");

    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product = Product.classes();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tensor", "kernels", "vit", "raptor", "dynamics", "cli"})
    void every_module_is_looked_at(String module) {
        assertThat(product.stream().filter(c -> c.getPackageName().startsWith(Product.ROOT + "." + module)))
                .isNotEmpty();
    }

    @Test
    void tensor_needs_the_jdk_and_gson_only() {
        mayUse("tensor", List.of(), "jdk.incubator.vector..", "com.sun.management..");
    }

    @Test
    void kernels_implement_tensor_and_reach_the_driver_through_jcuda() {
        mayUse("kernels", List.of("tensor"), "jcuda..", "com.sun.jna..");
    }

    @Test
    void vit_is_built_on_tensor() {
        mayUse("vit", List.of("tensor"));
    }

    @Test
    void raptor_is_built_on_vit_and_unpacks_zstd() {
        mayUse("raptor", List.of("tensor", "vit"), "com.github.luben.zstd..");
    }

    @Test
    void dynamics_knows_trajectories_and_layer_maps_but_not_raptor() {
        mayUse("dynamics", List.of("tensor", "vit"), "org.apache.commons.math3..");
    }

    @Test
    void the_command_line_sees_all_but_the_kernels() {
        mayUse("cli", List.of("tensor", "vit", "raptor", "dynamics"), "picocli..", "me.tongfei.progressbar..");
    }

    @Test
    void no_machine_learning_framework_is_used() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ai.djl..",
                        "ai.onnxruntime..",
                        "com.github.tjake..",
                        "com.intel.analytics.bigdl..",
                        "org.apache.mxnet..",
                        "org.bytedeco..",
                        "org.deeplearning4j..",
                        "org.nd4j..",
                        "org.pytorch..",
                        "org.tensorflow..",
                        "org.tribuo..")
                .check(product);
    }

    private static void mayUse(String module, List<String> modules, String... libraries) {
        List<String> allowed = new ArrayList<>(EVERYWHERE);
        allowed.addAll(List.of(libraries));
        allowed.add(Product.module(module));
        modules.stream().map(Product::module).forEach(allowed::add);
        classes()
                .that()
                .resideInAPackage(Product.module(module))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .check(product);
    }
}
