Attribute VB_Name = "Connection"
' The connection to Python: opened by the first call, held for the next ones.
Option Explicit
Option Private Module

Private Const NOT_CONNECTED As Long = 514

Private held As Object ' Python's server
Private problem As String ' why there is none
Private hasFailed As Boolean ' whether it was tried: only a person's Refresh tries again
Private refreshing As Boolean ' whether a person has pressed Refresh, which says why itself

' Python's server. Fails at once where it has failed before: ten thousand cells do not wait one by one.
Public Function Opened() As Object
    If held Is Nothing Then
        If Not hasFailed Then Connect
        If held Is Nothing Then Err.Raise NOT_CONNECTED, , problem
    End If
    Set Opened = held
End Function

' Whether there is a connection.
Public Function IsOpen() As Boolean
    IsOpen = Not (held Is Nothing)
End Function

' Whether an error means that Python has stopped: VBA's own number, and those of COM.
Public Function IsLost(ByVal failure As Long) As Boolean
    Select Case failure
        Case 462, &H800706BA, &H800706BE, &H800706BF, &H80010007, &H80010012, &H80010108, &H800401FD
            IsLost = True
    End Select
End Function

' Let go of a server that has stopped.
Public Sub Release()
    Set held = Nothing
    Activation.Lost
    problem = "Python stopped during a calculation. To try again: Refresh, on the tab Formulas."
End Sub

' Try no more until a person asks for it. The add-in says why its functions show #VALUE!; a planner says nothing by
' itself: its own formulas go on.
Public Sub GiveUp()
    hasFailed = True
    If refreshing Or Not ThisWorkbook.IsAddin Then Exit Sub
    If Not Unattended() Then Messages.Tell Report()
End Sub

' Before a person's Refresh: forget what failed, and connect.
Public Sub Renew()
    refreshing = True
    hasFailed = False
    If held Is Nothing Then Connect
End Sub

' After it.
Public Sub Renewed()
    refreshing = False
End Sub

' What a person needs to know of the connection.
Public Function Report() As String
    If IsOpen() Then
        Report = "Connected to Python."
    ElseIf problem = "" Then
        Report = "Not connected yet: the first sales function in a cell connects."
    Else
        Report = problem
        If Not ThisWorkbook.IsAddin Then
            Report = Report & vbCrLf & "The planner goes on with Excel's own formulas."
        End If
    End If
    Report = Report & vbCrLf & vbCrLf & Activation.Details()
End Function

Private Sub Connect()
    hasFailed = True ' other cells may be calculated while Python starts, and must not start it too
    problem = "Python is starting."
    Set held = Activation.Server(problem)
    If held Is Nothing Then
        GiveUp
    Else
        hasFailed = False
        problem = ""
    End If
End Sub

' Whether nobody sits in front of Excel to read a message.
Private Function Unattended() As Boolean
    Unattended = Not (Application.Visible And Application.Interactive And Application.UserControl)
End Function
