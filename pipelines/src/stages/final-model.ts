export { finalModelStage as stage } from '@serflow/model'
