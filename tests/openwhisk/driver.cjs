// Runs calls of the official client, one JSON line each: {"call": "actions.get", "options": {...}}; answers likewise.
// A member {"$file": PATH} of the options stands for that file's bytes.
'use strict'

const fs = require('fs')
const readline = require('readline')
const openwhisk = require(require.resolve('openwhisk', { paths: [process.env.OPENWHISK_CLIENT] }))

const client = openwhisk({
  apihost: process.env.OPENWHISK_APIHOST,
  api_key: process.env.OPENWHISK_AUTH,
  ignore_certs: false
})

const bytes = new Map()

function withFiles (value) {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(withFiles)
  if ('$file' in value) {
    if (!bytes.has(value.$file)) bytes.set(value.$file, fs.readFileSync(value.$file))
    return bytes.get(value.$file)
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withFiles(member)]))
}

async function answer (line) {
  const { call, options, quiet } = JSON.parse(line)
  const [resource, method] = call.split('.')
  try {
    const result = await client[resource][method](withFiles(options))
    return { result: quiet ? null : result }
  } catch (error) {
    return { error: error.message, status: error.statusCode === undefined ? null : error.statusCode }
  }
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(line)) + '\n')
  }
}

main()
