export { predictionsStage as stage } from '@serflow/model'
