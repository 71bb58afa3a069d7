// Drives a server through xen-api: its cache of objects, its watch, calls and asynchronous calls.
// Prints one line per step that went well; anything else ends with a status that is not 0.
import assert from 'node:assert/strict'
import { createClient } from 'xen-api'

const [url, password] = process.argv.slice(2)
const xapi = createClient({ url, auth: { user: 'root', password } })

// Resolves once the cached object is as it should be.
const watched = (ref, check) =>
  new Promise(resolve => {
    const look = () => check(xapi.getObjectByRef(ref, {})) && resolve()
    xapi.objects.on('update', look)
    look()
  })

await xapi.connect()
console.log('connected')

await xapi.objectsFetched
assert.equal(xapi.pool.$type, 'pool')
const host = xapi.getObject(xapi.pool.master)
assert.equal(host.$type, 'host')
const named = name => Object.values(xapi.objects.all).filter(object => object.name_label === name)
const [template] = named('Other install media')
assert.equal(template.is_a_template, true)
console.log('objects', Object.keys(xapi.objects.all).length)

const ref = await xapi.callAsync('VM.clone', template.$ref, 'from JavaScript')
assert.match(ref, /^OpaqueRef:/)
console.log('cloned')

await xapi.callAsync('VM.provision', ref)
const vm = await xapi.barrier(ref)
assert.equal(vm.name_label, 'from JavaScript')
console.log('cached')

const running = watched(ref, object => object.power_state === 'Running')
await xapi.callAsync('VM.start', ref, false, false)
await running
console.log('watched')

await assert.rejects(xapi.callAsync('VM.start', ref, false, false), error => {
  assert.equal(error.code, 'VM_BAD_POWER_STATE')
  assert.deepEqual(error.params, [ref, 'halted', 'running'])
  return true
})
await assert.rejects(xapi.call('VM.get_record', 'OpaqueRef:none'), { code: 'HANDLE_INVALID' })
console.log('refused')

await xapi.setField('VM', ref, 'name_description', 'set by a client')
await watched(ref, object => object.name_description === 'set by a client')
await xapi.setFieldEntry('VM', ref, 'other_config', 'key', 'value')
await xapi.setFieldEntry('VM', ref, 'other_config', 'key', 'another')
assert.equal((await xapi.getField('VM', ref, 'other_config')).key, 'another')
console.log('changed')

await xapi.callAsync('VM.hard_shutdown', ref)
const gone = new Promise(resolve => xapi.objects.on('remove', objects => vm.$id in objects && resolve()))
await xapi.callAsync('VM.destroy', ref)
await gone
console.log('removed')

await xapi.disconnect()
console.log('disconnected')
