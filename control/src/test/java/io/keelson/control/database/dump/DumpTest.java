package io.keelson.control.database.dump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.control.host.Product;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class DumpTest {

  /** Texts have ends of lines and signs in them, without end where a field holds metadata. */
  @Test
  void thereIsNoLimitOfCharactersThatAreWrittenAsNumbers() {
    String references = "&#10;&lt;".repeat(150_000);
    String file =
        """
        <database><manifest>
          <pair key="schema_major_vsn" value="%d"/><pair key="schema_minor_vsn" value="%d"/>
          <pair key="product_brand" value="%s"/></manifest>
        <table name="VM"><row ref="OpaqueRef:a" snapshot_metadata="%s"/></table></database>
        """
            .formatted(Product.API_MAJOR, Product.API_MINOR, Product.BRAND, references);

    Dump dump = Dump.read(new ByteArrayInputStream(file.getBytes(UTF_8)));

    assertThat(dump.of(ApiModel.VM).get(Ref.<Vm>of("OpaqueRef:a")))
        .extracting(Vm::snapshotMetadata)
        .isEqualTo("\n<".repeat(150_000));
  }
}
