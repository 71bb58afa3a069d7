package io.keelson.testkit.machines;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The screens of machines that nothing but their pictures exists of. */
@RunsOn(hosts = 1)
class SimulatedScreenTest {
  private final ServerBox box;

  SimulatedScreenTest(ServerBox box) {
    this.box = box;
  }

  @Test
  void machinesLookDifferentAndDarkerWhenPaused() throws IOException {
    try (Api api = box.login(Format.JSON_RPC);
        Vms vms = new Vms(api)) {
      ConsoleRequests requests = new ConsoleRequests(box, api);
      JsonNode vm = vms.running();
      String name = "uuid=" + api.read("VM.get_uuid", vm);
      int bright = brightness(requests.snapshot(name));
      api.call("VM.pause", vm);
      assertThat(brightness(requests.snapshot(name))).isLessThan(bright);
      api.call("VM.hard_shutdown", vm);
      assertThat(requests.snapshot(name).status()).isEqualTo(404);
    }
  }

  private static int brightness(RawHttp.Response response) throws IOException {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("content-type")).isEqualTo("image/jpeg");
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(response.body()));
    int sum = 0;
    for (int row = 0; row < picture.getHeight(); row++) {
      for (int column = 0; column < picture.getWidth(); column++) {
        int colour = picture.getRGB(column, row);
        sum += (colour >> 16 & 0xFF) + (colour >> 8 & 0xFF) + (colour & 0xFF);
      }
    }
    return sum;
  }
}
