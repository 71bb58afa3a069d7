package io.keelson.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.model.HostFields;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkFields;
import io.keelson.api.model.UserFields;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiClassTest {

  @Test
  void a_constructor_reads_its_own_fields_and_passes_over_others() {
    Network network =
        NetworkFields.API_CLASS.construct(
            Map.of(
                "name_label", new Value.Text("lan"),
                "MTU", new Value.Text("9000"),
                "bridge", new Value.Text("not of the constructor"),
                "surprise", new Value.Flag(true)));
    assertThat(network.nameLabel()).isEqualTo("lan");
    assertThat(network.mtu()).isEqualTo(9000);
    assertThat(network.bridge()).isEmpty();
  }

  @Test
  void a_field_without_default_must_be_given() {
    assertThatThrownBy(() -> VbdFields.API_CLASS.construct(Map.of()))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FIELD_TYPE_ERROR));
  }

  @Test
  void a_record_with_a_change_keeps_the_rest() {
    Vbd vbd = Vbd.builder().userdevice("1").bootable(true).build();
    Vbd changed = vbd.with(b -> b.bootable(false));
    assertThat(changed).isEqualTo(Vbd.builder().userdevice("1").build());
    assertThat(vbd.bootable()).isTrue();
  }

  @Test
  void defaults_of_the_model_are_the_initial_values() {
    assertThat(NetworkFields.API_CLASS.blank().mtu()).isEqualTo(1500);
    assertThat(HostFields.API_CLASS.blank().licenseServer())
        .isEqualTo(Map.of("address", "localhost", "port", "27000"));
  }

  @Test
  void the_servers_own_fields_are_not_for_clients() {
    assertThat(UserFields.API_CLASS.fields()).contains(UserFields.PASSWORD_HASH);
    assertThat(UserFields.API_CLASS.visibleFields()).doesNotContain(UserFields.PASSWORD_HASH);
  }

  @Test
  void every_field_reads_back_what_it_put_in() {
    for (ApiClass<?> apiClass : ApiModel.CLASSES) {
      assertFieldsReadBack(apiClass);
    }
  }

  private static <R extends ApiRecord> void assertFieldsReadBack(ApiClass<R> apiClass) {
    for (Field<R, ?> field : apiClass.fields()) {
      assertReadsBack(apiClass, field);
    }
  }

  private static <R extends ApiRecord, T> void assertReadsBack(
      ApiClass<R> apiClass, Field<R, T> field) {
    R changed = field.with(apiClass.blank(), field.initial());
    assertThat(changed).as("%s.%s", apiClass, field.name()).isEqualTo(apiClass.blank());
    assertThat(field.of(changed)).isEqualTo(field.initial());
  }

  @Test
  void messages_have_names_of_their_own() {
    List<String> names = ApiModel.MESSAGES.stream().map(MessageSpec::wireName).toList();
    assertThat(new HashSet<>(names)).hasSameSizeAs(names);
  }
}
