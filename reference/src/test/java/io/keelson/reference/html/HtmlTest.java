package io.keelson.reference.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.reference.document.Inline;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Text is text, whatever is in it. */
class HtmlTest {
  @Test
  void markupInTextIsNone() {
    assertThat(Html.inlines(List.of(Inline.text("<b> & \"c\""), Inline.code("a<b"))))
        .isEqualTo("&lt;b&gt; &amp; &quot;c&quot;<code>a&lt;b</code>");
  }

  @Test
  void longNamesMayGoOnInTheNextLine() {
    assertThat(Html.inlines(List.of(Inline.code("A_NAME_THAT_IS_LONGER_THAN_MOST"))))
        .isEqualTo(
            "<code class=\"long\">A_<wbr/>NAME_<wbr/>THAT_<wbr/>IS_<wbr/>LONGER_<wbr/>THAN_<wbr/>MOST</code>");
  }
}
