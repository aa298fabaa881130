metadata name = 'Memory of instances'
metadata description = 'The largest MAXIMUM_MESSAGE_SIZE that goes with each memory of an instance. The app has the same table and checks it at start.'

// Bytes of a message, by megabytes of memory.
var largestMessages = {
  '512': 3145728
  '2048': 104857600
  '4096': 157286400
}

@export()
@description('The setting that tells the app the memory of its instances; refuses messages that are too large for it.')
func memorySetting(memoryMB int, messageBytes int) string =>
  messageBytes > largestMessages[string(memoryMB)]
    ? fail('Instances of ${memoryMB} MB have memory for messages of ${largestMessages[string(memoryMB)]} bytes: set MAXIMUM_MESSAGE_SIZE to that or less, or scale.instanceMemoryMB to more')
    : string(memoryMB)

@export()
@description('The largest request body that the Functions host reads, in bytes. It reads a body that says its length before the app can refuse it. Up to this size the answer is the app\'s own.')
func hostBodyLimit(messageBytes int) string => string(2 * messageBytes + 65536)
